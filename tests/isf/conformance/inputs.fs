/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Every kind of input that is a number; a column each.",
    "INPUTS": [
        {"NAME": "hit", "TYPE": "event", "LABEL": "Hit it"},
        {"NAME": "on", "TYPE": "bool", "DEFAULT": true, "IDENTITY": false},
        {"NAME": "choice", "TYPE": "long", "VALUES": [0, 3, 10], "LABELS": ["none", "some", "all"], "DEFAULT": 3},
        {"NAME": "count", "TYPE": "long", "MIN": -5, "MAX": 15, "DEFAULT": -5},
        {"NAME": "amount", "TYPE": "float", "MIN": -2.0, "MAX": 8.0, "DEFAULT": 3.0, "IDENTITY": 0.0},
        {"NAME": "place", "TYPE": "point2D", "MIN": [0, -10], "MAX": [640, 10], "DEFAULT": [160, 5]},
        {"NAME": "tint", "TYPE": "color", "DEFAULT": [0.2, 0.4, 0.6, 0.8], "IDENTITY": [1, 1, 1, 1]}
    ]
}*/
void main() {
    int column = int(gl_FragCoord.x);
    if (column == 0) gl_FragColor = vec4(hit ? 1.0 : 0.0, on ? 1.0 : 0.0, 0.0, 1.0);
    else if (column == 1) gl_FragColor = vec4(float(choice) / 10.0, float(count + 5) / 20.0, 0.0, 1.0);
    else if (column == 2) gl_FragColor = vec4((amount + 2.0) / 10.0, place.x / 640.0, (place.y + 10.0) / 20.0, 1.0);
    else gl_FragColor = tint;
}

/*{
    "ISFVSN": "2",
    "INPUTS": [
        {"NAME": "level", "TYPE": "float", "DEFAULT": 0.25},
        {"NAME": "on", "TYPE": "bool"},
        {"NAME": "count", "TYPE": "long", "DEFAULT": 2, "MAX": 4},
        {"NAME": "place", "TYPE": "point2D", "DEFAULT": [0.5, 0.75]},
        {"NAME": "tint", "TYPE": "color", "DEFAULT": [0.1, 0.2, 0.3, 1]}
    ]
}*/
void add(inout float x) { x += 0.25; }
void main() {
    add(level);
    on = !on;
    count++;
    place.x *= 0.5;
    tint.rgb += 0.1;
    TIME = 0.0;
    gl_FragColor = vec4(level + TIME, on ? place.x : 0.0, tint.b, float(count) / 4.0);
}

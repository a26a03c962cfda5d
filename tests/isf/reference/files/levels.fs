/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A filter of colours alone.",
    "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "gain", "TYPE": "color", "DEFAULT": [1.0, 0.8, 0.6, 1.0]},
        {"NAME": "lift", "TYPE": "float", "MIN": -0.5, "MAX": 0.5, "DEFAULT": 0.1, "IDENTITY": 0.0},
        {"NAME": "grey", "TYPE": "bool", "DEFAULT": false},
        {"NAME": "steps", "TYPE": "long", "MIN": 0, "MAX": 6, "DEFAULT": 0}
    ]
}*/
const mat3 REC = mat3(0.2126, 0.2126, 0.2126, 0.7152, 0.7152, 0.7152, 0.0722, 0.0722, 0.0722);

void main() {
    vec4 c = IMG_THIS_PIXEL(inputImage);
    if (grey) c.rgb = REC * c.rgb;
    c = c * gain + vec4(vec3(lift), 0.0);
    if (steps > 1) c.rgb = mix(c.rgb, vec3(0.5), 1.0 / float(steps));
    gl_FragColor = c;
}

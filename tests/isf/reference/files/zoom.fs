/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A transition that moves through one picture into the other.",
    "INPUTS": [
        {"NAME": "startImage", "TYPE": "image"},
        {"NAME": "endImage", "TYPE": "image"},
        {"NAME": "progress", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
        {"NAME": "centre", "TYPE": "point2D", "MIN": [0, 0], "MAX": [1, 1], "DEFAULT": [0.5, 0.5]}
    ]
}*/
void main() {
    vec2 near = (isf_FragNormCoord - centre) / (1.0 + progress) + centre;
    vec2 far = (isf_FragNormCoord - centre) / (2.0 - progress) + centre;
    vec4 start = IMG_NORM_PIXEL(startImage, near), end = IMG_NORM_PIXEL(endImage, far);
    gl_FragColor = mix(start, end, smoothstep(0.25, 0.75, progress));
}

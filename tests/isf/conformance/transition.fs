/*{
    "ISFVSN": "2",
    "INPUTS": [
        {"NAME": "startImage", "TYPE": "image"},
        {"NAME": "endImage", "TYPE": "image"},
        {"NAME": "progress", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
    ]
}*/
void main() {
    vec4 before = IMG_THIS_NORM_PIXEL(startImage), after = IMG_THIS_NORM_PIXEL(endImage);
    gl_FragColor = isf_FragNormCoord.x < progress ? after : before;
}

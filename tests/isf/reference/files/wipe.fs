/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A transition with an edge.",
    "INPUTS": [
        {"NAME": "startImage", "TYPE": "image"},
        {"NAME": "endImage", "TYPE": "image"},
        {"NAME": "progress", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
        {"NAME": "soft", "TYPE": "float", "MIN": 0.01, "MAX": 0.5, "DEFAULT": 0.25}
    ]
}*/
void main() {
    float edge = progress * (1.0 + soft);
    float after = 1.0 - smoothstep(edge - soft, edge, isf_FragNormCoord.x);
    gl_FragColor = mix(IMG_THIS_NORM_PIXEL(startImage), IMG_THIS_NORM_PIXEL(endImage), after);
}

/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Sizes from numbers, from the output's and from inputs; every pass tells its own.",
    "INPUTS": [
        {"NAME": "part", "TYPE": "float", "MIN": 1.0, "MAX": 8.0, "DEFAULT": 3.0},
        {"NAME": "lines", "TYPE": "long", "MIN": 1, "MAX": 9, "DEFAULT": 5}
    ],
    "PASSES": [
        {"TARGET": "fixed_size", "WIDTH": 5, "HEIGHT": "7"},
        {"TARGET": "shared_size", "WIDTH": "floor($WIDTH / $part)", "HEIGHT": "max($lines, 2) + 1"},
        {"TARGET": "bounded_size", "WIDTH": "min(ceil($part * 3.0), 16)", "HEIGHT": "floor(sqrt($HEIGHT)) * 2"},
        {}
    ]
}*/
void main() {
    float row = floor(isf_FragNormCoord.y * 4.0);
    vec2 middle = vec2(0.5);
    if (PASSINDEX < 3) gl_FragColor = vec4(RENDERSIZE / 64.0, float(PASSINDEX) / 4.0, 1.0);
    else if (row == 0.0) gl_FragColor = IMG_NORM_PIXEL(fixed_size, middle);
    else if (row == 1.0) gl_FragColor = IMG_NORM_PIXEL(shared_size, middle);
    else if (row == 2.0) gl_FragColor = IMG_NORM_PIXEL(bounded_size, middle);
    else gl_FragColor = vec4(IMG_SIZE(shared_size) / 64.0, IMG_SIZE(bounded_size) / 64.0);
}

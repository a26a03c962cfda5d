/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Down to a quarter, across, and up again: passes with sizes of their own.",
    "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.75, "IDENTITY": 0.0}
    ],
    "PASSES": [
        {"TARGET": "small", "WIDTH": "$WIDTH / 4.0", "HEIGHT": "$HEIGHT / 4.0"},
        {"TARGET": "across", "WIDTH": "floor($WIDTH / 4.0)", "HEIGHT": "$HEIGHT / 2.0"},
        {}
    ]
}*/
void main() {
    vec2 at = isf_FragNormCoord;
    vec2 step = vec2(1.0, 0.0) / RENDERSIZE;
    vec2 right = at + step, left = at - step;
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(inputImage);
    else if (PASSINDEX == 1) {
        gl_FragColor = 0.5 * IMG_THIS_PIXEL(small);
        gl_FragColor += 0.25 * IMG_NORM_PIXEL(small, right) + 0.25 * IMG_NORM_PIXEL(small, left);
    }
    else gl_FragColor = mix(IMG_THIS_PIXEL(inputImage), IMG_THIS_NORM_PIXEL(across), amount);
}

/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "detail", "TYPE": "float", "MIN": 1, "MAX": 8, "DEFAULT": 2}],
    "PASSES": [
        {"TARGET": "quarter", "WIDTH": "$WIDTH / 4", "HEIGHT": "floor($HEIGHT / 2.0) + 1"},
        {"TARGET": "fixed", "WIDTH": 5, "HEIGHT": "7"},
        {"TARGET": "wanted", "WIDTH": "max($detail * 3.0, 4)", "HEIGHT": "min(ceil($HEIGHT / $detail), 64)"},
        {}
    ]
}*/
void main() {
    if (PASSINDEX < 3) {
        gl_FragColor = vec4(RENDERSIZE / 32.0, gl_FragCoord.xy / RENDERSIZE);
        return;
    }
    int column = int(gl_FragCoord.x);
    if (column == 0) gl_FragColor = IMG_NORM_PIXEL(quarter, vec2(0.5));
    else if (column == 1) gl_FragColor = IMG_NORM_PIXEL(fixed, vec2(0.5));
    else if (column == 2) gl_FragColor = IMG_NORM_PIXEL(wanted, vec2(0.5));
    else if (column == 3) gl_FragColor = vec4(IMG_SIZE(quarter) / 32.0, IMG_SIZE(fixed) / 32.0);
    else if (column == 4) gl_FragColor = vec4(IMG_SIZE(wanted) / 32.0, RENDERSIZE / 32.0);
    else if (column == 5) gl_FragColor = IMG_PIXEL(quarter, vec2(1.5, 2.5));
    else gl_FragColor = vec4(IMG_THIS_PIXEL(quarter).ba, IMG_THIS_NORM_PIXEL(fixed).ba);
}

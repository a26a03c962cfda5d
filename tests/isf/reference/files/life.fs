/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Conway's game of life: a memory that must not lose a bit.",
    "INPUTS": [{"NAME": "dense", "TYPE": "float", "MIN": 0.2, "MAX": 0.6, "DEFAULT": 0.4}],
    "PASSES": [{"TARGET": "cells", "PERSISTENT": true, "WIDTH": 32, "HEIGHT": 24}, {}]
}*/
float permuted(float x) {
    x = (x * 34.0 + 1.0) * x;
    return x - floor((x + 0.5) / 289.0) * 289.0;
}

float alive(vec2 by) {
    vec2 at = fract((gl_FragCoord.xy + by) / RENDERSIZE);
    return step(0.5, IMG_NORM_PIXEL(cells, at).r);
}

void main() {
    if (PASSINDEX == 0 && FRAMEINDEX == 0) {
        vec2 cell = floor(gl_FragCoord.xy);
        float lit = permuted(permuted(cell.x) + cell.y) < 288.0 * dense ? 1.0 : 0.0;
        gl_FragColor = vec4(lit, 0.0, 0.0, 1.0);
    }
    else if (PASSINDEX == 0) {
        float around = alive(vec2(-1.0, -1.0)) + alive(vec2(0.0, -1.0)) + alive(vec2(1.0, -1.0));
        around += alive(vec2(-1.0, 0.0)) + alive(vec2(1.0, 0.0));
        around += alive(vec2(-1.0, 1.0)) + alive(vec2(0.0, 1.0)) + alive(vec2(1.0, 1.0));
        float here = alive(vec2(0.0));
        float next = around == 3.0 || (around == 2.0 && here == 1.0) ? 1.0 : 0.0;
        gl_FragColor = vec4(next, here, around / 8.0, 1.0);
    }
    else gl_FragColor = IMG_THIS_PIXEL(cells);
}

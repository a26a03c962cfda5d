/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A spot leaves a trail that fades and drifts.",
    "INPUTS": [
        {"NAME": "spot", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.3, 0.6]},
        {"NAME": "colour", "TYPE": "color", "DEFAULT": [1.0, 0.5, 0.25, 1.0]},
        {"NAME": "kept", "TYPE": "float", "MIN": 0.0, "MAX": 0.9, "DEFAULT": 0.75}
    ],
    "PASSES": [{"TARGET": "trail", "PERSISTENT": true}, {}]
}*/
void main() {
    if (PASSINDEX == 0) {
        vec2 before = isf_FragNormCoord + vec2(1.0, 0.0) / RENDERSIZE;
        float lit = smoothstep(0.2, 0.1, distance(isf_FragNormCoord, spot));
        gl_FragColor = max(colour * lit, IMG_NORM_PIXEL(trail, before) * kept);
    }
    else gl_FragColor = vec4(IMG_THIS_PIXEL(trail).rgb, 1.0);
}

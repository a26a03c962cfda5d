/*{
    "CREDIT": "as version 1 had it; the package upgrades it before it draws it",
    "INPUTS": [{"NAME": "grow", "TYPE": "float", "MIN": 0.0, "MAX": 0.25, "DEFAULT": 0.0625}],
    "PERSISTENT_BUFFERS": ["old"],
    "PASSES": [{"TARGET": "old", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2"}, {}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(old) + vec4(grow * vv_FragNormCoord.x, grow, 0.0, 1.0);
    else gl_FragColor = vec4(IMG_THIS_PIXEL(old).rg, vv_FragNormCoord.y, 1.0);
}

/*{
    "CREDIT": "version 1 keeps buffers by name",
    "PERSISTENT_BUFFERS": ["old"],
    "PASSES": [{"TARGET": "old"}, {"TARGET": "new"}, {}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(old) + vec4(0.125, 0.0, 0.0, 1.0);
    else if (PASSINDEX == 1) gl_FragColor = IMG_THIS_PIXEL(new) + vec4(0.0, 0.125, vv_FragNormCoord.x, 1.0);
    else gl_FragColor = IMG_THIS_PIXEL(old) + IMG_THIS_PIXEL(new);
}

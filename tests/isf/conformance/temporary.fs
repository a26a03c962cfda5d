/*{
    "ISFVSN": "2",
    "PASSES": [{"TARGET": "fresh"}, {}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(fresh) + vec4(0.25, 0.25, 0.25, 1.0);
    else gl_FragColor = IMG_THIS_PIXEL(fresh);
}

/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A pass reads what a later one left in the frame before.",
    "PASSES": [{"TARGET": "early"}, {"TARGET": "late", "PERSISTENT": true}, {}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(late);
    else if (PASSINDEX == 1) gl_FragColor = vec4(float(FRAMEINDEX + 1) / 10.0, 0.0, 0.0, 1.0);
    else gl_FragColor = vec4(IMG_THIS_PIXEL(early).r, IMG_THIS_PIXEL(late).r, 0.0, 1.0);
}

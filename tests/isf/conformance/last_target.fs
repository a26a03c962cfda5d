/*{
    "ISFVSN": "2",
    "DESCRIPTION": "The last pass fills a buffer, and that is what is seen.",
    "PASSES": [{}, {"TARGET": "left", "PERSISTENT": true}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = vec4(1.0);
    else gl_FragColor = vec4(float(FRAMEINDEX + 1) / 10.0, IMG_THIS_PIXEL(left).r, 0.0, 1.0);
}

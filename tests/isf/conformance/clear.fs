/*{"ISFVSN": "2", "PASSES": [{"TARGET": "kept"}, {}]}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = vec4(1.0, 0.5, 0.25, 0.5);
    else gl_FragColor = IMG_THIS_PIXEL(kept) * vec4(1.0, 1.0, 1.0, 0.5);
}

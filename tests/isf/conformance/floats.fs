/*{
    "ISFVSN": "2",
    "PASSES": [{"TARGET": "whole", "FLOAT": true}, {"TARGET": "clipped"}, {}]
}*/
void main() {
    // blue is finer than a half float
    if (PASSINDEX < 2) gl_FragColor = vec4(3.0, -2.0, 1.00005, 1.0);
    else gl_FragColor = vec4(IMG_THIS_PIXEL(whole).r / 4.0, (IMG_THIS_PIXEL(whole).b - 1.0) * 1e4,
                             IMG_THIS_PIXEL(clipped).r / 4.0, IMG_THIS_PIXEL(clipped).g + 0.5);
}

/*{
    "ISFVSN": "2",
    "PASSES": [{"TARGET": "one"}, {"TARGET": "two", "WIDTH": "$WIDTH / 2"}, {"TARGET": "one"}, {}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = vec4(isf_FragNormCoord.x, 0.0, 0.0, 1.0);
    if (PASSINDEX == 1) gl_FragColor = vec4(0.0, IMG_NORM_PIXEL(one, vec2(0.5)).r, 0.0, 1.0);
    if (PASSINDEX == 2) gl_FragColor = IMG_THIS_PIXEL(one) + IMG_THIS_PIXEL(two) + vec4(0.0, 0.0, 0.25, 0.0);
    if (PASSINDEX == 3) gl_FragColor = IMG_THIS_PIXEL(one);
}

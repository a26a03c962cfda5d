/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "photo", "TYPE": "image"}, {"NAME": "way", "TYPE": "long", "MAX": 5, "DEFAULT": 0}]
}*/
void main() {
    if (way == 0) gl_FragColor = IMG_PIXEL(photo, gl_FragCoord.xy);
    if (way == 1) gl_FragColor = IMG_NORM_PIXEL(photo, isf_FragNormCoord);
    if (way == 2) gl_FragColor = IMG_THIS_PIXEL(photo);
    if (way == 3) gl_FragColor = IMG_THIS_NORM_PIXEL(photo);
    if (way == 4) gl_FragColor = vec4(IMG_SIZE(photo) / 16.0, 0.0, 1.0);
    if (way == 5) gl_FragColor = IMG_NORM_PIXEL(photo, vec2(1.0) - isf_FragNormCoord.yx);
}

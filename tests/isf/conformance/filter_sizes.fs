/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A picture that is not as large as the output has its own size.",
    "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]
}*/
void main() {
    int column = int(gl_FragCoord.x);
    if (column == 0) gl_FragColor = vec4(IMG_SIZE(inputImage) / 16.0, 0.0, 1.0);
    else if (column == 1) gl_FragColor = IMG_PIXEL(inputImage, vec2(2.5, 1.5));
    else gl_FragColor = IMG_THIS_PIXEL(inputImage);
}

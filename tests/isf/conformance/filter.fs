/*{
    "ISFVSN": "2",
    "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "much", "TYPE": "float", "DEFAULT": 0.75, "IDENTITY": 0}
    ]
}*/
void main() {
    vec4 here = IMG_THIS_PIXEL(inputImage);
    vec4 right = IMG_PIXEL(inputImage, gl_FragCoord.xy + vec2(1.0, 0.0));
    gl_FragColor = mix(here, vec4(vec3(1.0) - right.bgr, IMG_SIZE(inputImage).x / 32.0), much);
}

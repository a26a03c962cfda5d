/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Three pictures of three sizes, and alpha that multiplies nothing by itself.",
    "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "mask", "TYPE": "image"},
        {"NAME": "behind", "TYPE": "image"},
        {"NAME": "much", "TYPE": "float", "DEFAULT": 1.0}
    ]
}*/
void main() {
    vec4 seen = IMG_THIS_PIXEL(inputImage), through = IMG_THIS_NORM_PIXEL(mask), back = IMG_THIS_PIXEL(behind);
    vec4 c = mix(back, seen, through.r * much);
    vec2 sizes = IMG_SIZE(mask) / IMG_SIZE(behind);
    gl_FragColor = gl_FragCoord.x < 1.0 ? vec4(sizes / 4.0, 0.0, back.a) : c;
}

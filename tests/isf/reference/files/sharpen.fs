/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Neighbours by their pixels.",
    "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "much", "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 0.5, "IDENTITY": 0.0}
    ]
}*/
void main() {
    vec2 here = gl_FragCoord.xy;
    vec2 right = here + vec2(1.0, 0.0), left = here - vec2(1.0, 0.0);
    vec2 above = here + vec2(0.0, 1.0), below = here - vec2(0.0, 1.0);
    vec4 around = IMG_PIXEL(inputImage, right) + IMG_PIXEL(inputImage, left);
    around += IMG_PIXEL(inputImage, above) + IMG_PIXEL(inputImage, below);
    vec4 c = IMG_PIXEL(inputImage, here);
    gl_FragColor = vec4(c.rgb + much * (c.rgb - 0.25 * around.rgb), c.a);
}

/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Places of neighbours come from the vertex shader.",
    "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "reach", "TYPE": "float", "MIN": 1.0, "MAX": 3.0, "DEFAULT": 1.0}
    ]
}*/
varying vec2 left_coord, right_coord;
varying vec4 up_and_down;
varying float told;

void main() {
    vec2 above = up_and_down.xy, below = up_and_down.zw;
    vec4 across = IMG_NORM_PIXEL(inputImage, right_coord) - IMG_NORM_PIXEL(inputImage, left_coord);
    vec4 upward = IMG_NORM_PIXEL(inputImage, above) - IMG_NORM_PIXEL(inputImage, below);
    gl_FragColor = vec4(0.5 + 0.5 * across.rg, 0.5 + 0.5 * upward.b, told);
}

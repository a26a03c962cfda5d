/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A picture of any size, moved, enlarged, mirrored, and read beyond its edges.",
    "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "by", "TYPE": "point2D", "MIN": [-0.5, -0.5], "MAX": [0.5, 0.5], "DEFAULT": [0.25, -0.125]},
        {"NAME": "scale", "TYPE": "float", "MIN": 0.5, "MAX": 3.0, "DEFAULT": 1.0},
        {"NAME": "mirror", "TYPE": "bool", "DEFAULT": false}
    ]
}*/
void main() {
    vec2 at = (isf_FragNormCoord - 0.5) / scale + 0.5 + by;
    if (mirror) at.x = 1.0 - at.x;
    vec2 size = IMG_SIZE(inputImage);
    gl_FragColor = IMG_NORM_PIXEL(inputImage, at);
    if (gl_FragCoord.y < 2.0) gl_FragColor = vec4(size / 128.0, 0.0, 1.0);
}

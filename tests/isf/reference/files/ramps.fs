/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Where a pixel is, said in three ways.",
    "INPUTS": []
}*/
void main() {
    vec2 pixel = gl_FragCoord.xy;
    gl_FragColor = vec4(isf_FragNormCoord.x, pixel.y / RENDERSIZE.y, fract(pixel.x / 16.0), 0.75);
}

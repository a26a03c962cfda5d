/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]
}*/
#version 300 es
precision highp float;
void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 exact = texelFetch(inputImage, at, 0);
    vec4 read = texture(inputImage, isf_FragNormCoord) + textureLod(inputImage, isf_FragNormCoord, 0.0);
    vec2 size = vec2(textureSize(inputImage, 0));
    isf_FragColor = vec4(exact.rg, read.b / 2.0, size.x / 32.0);
}

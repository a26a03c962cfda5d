/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "level", "TYPE": "float", "DEFAULT": 0.5}]
}*/
#version 120
#extension GL_OES_standard_derivatives : enable
#ifdef GL_ES
precision mediump float;
precision highp int;
#endif
#define TEX texture2D
#define AT(c) \
    texture2D(inputImage, (c))
#if __VERSION__ >= 1000
#error not this
#endif

const float parts = 4;
lowp float halved(in highp float x) { return x / 2; }

void main(void) {
    mediump vec2 uv = gl_FragCoord.xy / RENDERSIZE.xy;
    float sum = 0;
    for (int i = 0; i < parts; i++) sum += 1 / parts;
    for (float f = 0.; f < 3.; f++) sum += f * 0;
    float most = max(0, pow(2, -1)) + clamp(level, 1, 2) - 1 + mod(7, 4) - 3 + mix(0, 0, level);
    vec4 first = texture2D(inputImage, uv), second = TEX(inputImage, uv), third = AT(uv);
    vec4 fourth = texture2DRect(inputImage, gl_FragCoord.xy), fifth = texture2DProj(inputImage, vec3(uv * 2, 2));
    vec4 sixth = texture2DLod(inputImage, uv, 0.0), seventh = texture2D(inputImage, gl_TexCoord[0].xy);
    gl_FragColor = (first + second + third + fourth + fifth + sixth + seventh) / 7;
    gl_FragColor.a = sum * halved(1) * 2 * most * 2;
    if (_inputImage_imgSize.x != IMG_SIZE(inputImage).x) gl_FragColor = vec4(1, 0, 1, 1);
}

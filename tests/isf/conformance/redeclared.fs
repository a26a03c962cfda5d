/*{
    "ISFVSN": "2",
    "INPUTS": [
        {"NAME": "level", "TYPE": "float", "DEFAULT": 0.25},
        {"NAME": "on", "TYPE": "bool", "DEFAULT": 1},
        {"NAME": "count", "TYPE": "long", "DEFAULT": 2, "MAX": 4},
        {"NAME": "tint", "TYPE": "color", "DEFAULT": [0.1, 0.2, 0.3, 1]},
        {"NAME": "inputImage", "TYPE": "image"}
    ],
    "PASSES": [{"TARGET": "kept"}, {}]
}*/
uniform float TIME, TIMEDELTA;
uniform vec2 RENDERSIZE;
uniform int PASSINDEX;
uniform int FRAMEINDEX;
uniform vec4 DATE;
varying vec2 isf_FragNormCoord;
uniform float level;
uniform bool on;
uniform int count;
uniform
    vec4 tint;
uniform mediump sampler2D inputImage;
uniform sampler2D kept;
void main() {
    if (PASSINDEX == 0) gl_FragColor = vec4(level, tint.b, float(count) / 4.0, on ? 1.0 : 0.0);
    else gl_FragColor = 0.5 * IMG_THIS_PIXEL(kept) + 0.5 * IMG_THIS_PIXEL(inputImage) + vec4(TIME + DATE.w) * 0.0;
}

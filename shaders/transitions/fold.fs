/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Fold: the old picture is a soft cloth that is drawn aside; it gathers in uneven folds, light grazes them, and its hem lays a shadow on the new picture behind it. A height field of warped waves over the cloth's own measure; shading by its slope and its hollows (Lambert, and a cheap ambient occlusion), folds growing towards the hand that draws.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Transition", "Paper"],
  "INPUTS": [
    {"NAME": "startImage", "TYPE": "image"},
    {"NAME": "endImage", "TYPE": "image"},
    {"NAME": "progress", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Progress"},
    {"NAME": "folds", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55, "LABEL": "Folds: heavy cloth, or fine"},
    {"NAME": "relief", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Relief: how deep the folds are"},
    {"NAME": "hand", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.04, "LABEL": "Hand: from where it is drawn, a turn from the left round to above"}
  ]
}*/

#include "noise.glsl"

void main() {
    float asp = RENDERSIZE.x / RENDERSIZE.y, px = 1.0 / RENDERSIZE.y, t = progress;
    vec2 shape = vec2(asp, 1.0), p = (isf_FragNormCoord - 0.5) * shape;
    vec2 dir = vec2(cos(6.28319 * hand), -sin(6.28319 * hand)), side = vec2(-dir.y, dir.x);
    float reach = abs(dir.x) * asp + abs(dir.y);
    float u = dot(p, dir) + 0.5 * reach, v = dot(p, side);                // u: from the hand, in heights

    float go = t * t * (3.0 - 2.0 * t);
    float drawn = smoothstep(0.0, 0.45, t);                               // the folds come first
    // the hem: it hangs behind, and waves
    float bow = 0.20;
    float slack = bow * (v * v * 1.2 - 0.25 * v) + 0.05 * vnoise1(v * 2.3 + 5.0 + 1.3 * t) + 0.02 * vnoise1(v * 6.1 - 2.0 * t);
    float hem = mix(reach + 0.16, -0.17, go) + drawn * slack * (1.0 - 0.3 * t);
    float in_ = hem - u;                                                  // how far in the cloth

    // the cloth's own measure: gathered more and more, and most at the hem
    float gather = drawn * (0.30 + 0.95 * go);
    float s = u + gather * (u - hem) * 0.55 + drawn * max(reach - hem, 0.0);
    float k = 2.3 * exp2(1.5 * folds);
    float n = vnoise(vec2(s * 1.7 + 3.0, v * 0.9 - 0.5 * t)), n2 = vnoise(vec2(s * 3.9 - 7.0, v * 2.1 + 11.0));
    float phase = k * s * 0.62 + 0.55 * n + 0.16 * n2 + 0.22 * v + 0.35 * v * v;
    float a0 = 6.28319 * phase;
    float grow = drawn * relief * (0.55 + 0.45 * exp(-1.6 * max(in_, 0.0))) * (0.75 + 0.35 * n2);
    float high = sin(a0) * 0.72 + 0.28 * sin(1.7 * a0 + 2.0 * n), slope = cos(a0 + 0.45 * sin(a0));
    vec2 x = p + dir * (s - u + 0.055 * grow * sin(a0 + 0.6) / (0.6 + 0.4 * k));
    vec2 uv = 1.0 - abs(1.0 - abs(x / shape + 0.5));                      // beyond its seam the cloth goes on

    vec4 a = IMG_NORM_PIXEL(startImage, uv);
    vec4 b = IMG_NORM_PIXEL(endImage, isf_FragNormCoord);
    float light = max(1.0 + grow * (0.70 * slope - 0.85 * (0.5 - 0.5 * high)), 0.3);
    vec3 la = a.rgb * a.rgb * light;
    // the hem is thin: some of what is behind shines through, and its edge catches light
    float w = 0.008 + 1.2 * px;
    float m = smoothstep(-w, w, -in_);
    m = max(m, 0.40 * drawn * exp(-max(in_, 0.0) / 0.05));
    la *= 1.0 + 0.30 * drawn * exp(-max(in_, 0.0) / 0.015);
    float off = max(-in_, 0.0), end = 1.0 - smoothstep(0.80, 1.0, t);
    float shade = 1.0 - drawn * end * (0.42 * exp(-off / 0.05) + 0.20 * exp(-off / 0.22));
    vec3 lb = b.rgb * b.rgb * shade;
    gl_FragColor = vec4(sqrt(mix(la, lb, m)), mix(a.a, b.a, m));
}

/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Grain: the silver in a film, most in the half lights, none in the black and little in the white. Its spread is that of a layer of grains that covers the share u of the film, sqrt(u (1 - u)) (the Boolean model of Newson, Delon, Galerne: A Stochastic Film Grain Model, 2017); integer hash by place and FRAMEINDEX; one frame's grain melts into the next.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Filter", "Film"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.25, "IDENTITY": 0.0, "LABEL": "Amount: how much grain"},
    {"NAME": "coarse", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3, "LABEL": "Coarse: dust, or large crystals"},
    {"NAME": "dye", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3, "LABEL": "Dye: silver alone, or three layers of colour"},
    {"NAME": "calm", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Calm: new grain in every frame, or slowly melting"}
  ]
}*/

#include "noise.glsl"

// three numbers of -1..1 at a corner, by the bits of one hash; frame k
vec3 speck(uvec2 at, uint k) {
    uint n = stir((at.x * 0x8f1bbcdbu) ^ (at.y * 0xca62c1d7u) + k * 0x632be5abu);
    n *= 0x9e3779b1u;
    return vec3(ivec3(n & 1023u, (n >> 10) & 1023u, n >> 22)) * (2.0 / 1023.0) - 1.0;
}

// soft crystals: between the corners, and made as lively there as at the corners
vec3 field(vec2 x, uint k) {
    vec2 f = floor(x);
    uvec2 a = uvec2(ivec2(f)) + k * 17u;
    f = x - f;
    vec2 s = f * f * (3.0 - 2.0 * f), g = 1.0 - s;
    vec4 w = vec4(g.x * g.y, s.x * g.y, g.x * s.y, s.x * s.y);
    vec3 v = speck(a, k) * w.x + speck(a + uvec2(1u, 0u), k) * w.y
           + speck(a + uvec2(0u, 1u), k) * w.z + speck(a + uvec2(1u, 1u), k) * w.w;
    return v * inversesqrt(dot(w, w));
}

void main() {
    vec4 now = IMG_THIS_PIXEL(inputImage);
    float size = max(1.0, RENDERSIZE.y * (0.0012 + 0.0042 * coarse * coarse));
    vec2 x = gl_FragCoord.xy / size;
    // a grain lives for so many frames; each comes while the one before it goes
    int life = 1 + int(calm * 11.0 + 0.5);
    uint k = uint(FRAMEINDEX / life);
    float u = (float(FRAMEINDEX % life) + 0.5) / float(life);
    float s = u * u * (3.0 - 2.0 * u);
    vec3 n = (field(x, k) * (1.0 - s) + field(x, k + 1u) * s) * inversesqrt(s * s + (1.0 - s) * (1.0 - s));
    n = mix(vec3(dot(n, vec3(0.5774))), n, dye);
    float y = clamp(dot(now.rgb, vec3(0.30, 0.59, 0.11)), 0.0, 1.0);
    float spread = sqrt(y * (1.0 - y)) * smoothstep(0.0, 0.10, y);
    gl_FragColor = vec4(clamp(now.rgb + amount * (0.07 + 0.09 * smoothstep(40.0, 300.0, RENDERSIZE.y)) * spread * n * (0.35 + 0.65 * now.rgb / max(y, 0.02)), 0.0, 1.0), now.a);
}

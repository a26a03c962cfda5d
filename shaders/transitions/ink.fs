/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Ink: the new picture falls in as drops of ink that spread, feather and run together. Every place has its moment: the time at which the first of six drops has come so far (a radius that grows like the root of time, as in diffusion), joined by a smooth minimum over exponentials (after Quilez, Smooth minimum), through a warp of value noise; pigment gathers at the rim (Deegan et al., Capillary flow as the cause of ring stains, 1997).",
  "CREDIT": "Performer",
  "CATEGORIES": ["Transition", "Ink"],
  "INPUTS": [
    {"NAME": "startImage", "TYPE": "image"},
    {"NAME": "endImage", "TYPE": "image"},
    {"NAME": "progress", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Progress"},
    {"NAME": "fall", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3, "LABEL": "Fall: other places for the drops"},
    {"NAME": "feather", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Feather: round drops, or ink in wet paper"},
    {"NAME": "pigment", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Pigment: how dark the rim is"}
  ]
}*/

#include "noise.glsl"

void main() {
    float asp = RENDERSIZE.x / RENDERSIZE.y;
    vec2 shape = vec2(asp, 1.0), p = (isf_FragNormCoord - 0.5) * shape;
    uint own = uint(fall * 4095.0 + 0.5) * 0x632be5abu + 0x2545f491u;
    vec2 off = vec2(ivec2(own >> 20, (own >> 8) & 4095u)) * 0.01;

    // fibres and eddies
    vec2 g = vec2(0.83 * p.x - 0.56 * p.y, 0.56 * p.x + 0.83 * p.y);      // off the noise's own grid
    vec2 w1 = vec2(vnoise(g * 2.3 + off), vnoise(g * 2.3 - off - 7.0));
    vec2 q = p + (0.03 + 0.05 * feather) * w1;
    float n2 = vnoise(g * 6.0 + 1.2 * w1 + off.yx), n3 = vnoise(q * 17.0 + 1.4 * n2 - off);
    float n4 = vnoise(q * 43.0 + 1.2 * n3 + off) * smoothstep(70.0, 260.0, RENDERSIZE.y);
    q += feather * 0.022 * vec2(n2, n3);

    float sum = 0.0;
    for (int i = 0; i < 6; i++) {
        uint n = stir(own + uint(i) * 0x9e3779b1u), k = stir(n ^ 0x85ebca6bu);
        vec3 r = vec3(ivec3(n & 1023u, (n >> 10) & 1023u, k & 1023u)) / 1023.0;
        vec2 cell = vec2(float(i % 3) - 1.0, float(i / 3) - 0.5) * vec2(0.333 * asp, 0.5);
        vec2 d = q - cell - (r.xy - 0.5) * vec2(0.30 * asp, 0.42);
        float far = length(d);
        sum += exp(-13.0 * (0.42 * r.z + far * (0.65 + 1.35 * far)));
    }
    float fibre = 0.17 * n2 + 0.12 * n3 + 0.06 * n4;
    float when = clamp(-log(sum) / 13.0 + 0.03 + feather * fibre, 0.0, 1.0);
    float e = 0.055 + 0.11 * feather;
    float late = progress * (1.0 + e);
    float m = smoothstep(when, when + e, late);

    float rim = 4.0 * m * (1.0 - m);
    vec2 run = 0.012 * rim * vec2(n2, n3) / shape;
    vec4 a = IMG_NORM_PIXEL(startImage, isf_FragNormCoord + run);
    vec4 b = IMG_NORM_PIXEL(endImage, isf_FragNormCoord + run);
    vec4 c = sqrt(mix(a * a, b * b, m));
    // pigment: at the rim, and a fainter ring where the rim was a moment ago
    float ring = max(late - when - e, 0.0) / 0.05;
    ring = ring * exp(1.0 - ring) * (1.0 - smoothstep(0.85, 1.0, progress));
    float dark = pigment * (0.75 * rim * (0.75 + 0.5 * n3) + 0.28 * ring * m);
    gl_FragColor = mix(c, min(min(a, b), c), clamp(dark, 0.0, 1.0));
}

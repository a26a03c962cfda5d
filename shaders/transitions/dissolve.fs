/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Dissolve: the new picture soaks through the old one as water through paper, in stains with soft, darker rims. Every place has its moment by octaves of warped value noise, and goes over once, by a smooth step; the rim leans to the darker of the two pictures (the edge of a drying stain), so nothing is brighter or darker than they are.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Transition", "Paper"],
  "INPUTS": [
    {"NAME": "startImage", "TYPE": "image"},
    {"NAME": "endImage", "TYPE": "image"},
    {"NAME": "progress", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Progress"},
    {"NAME": "soft", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Soft: torn, or soaked"},
    {"NAME": "stains", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Stains: a few large ones, or many"},
    {"NAME": "wet", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Wet: how dark the rim is, and how the paper swells"}
  ]
}*/

#include "noise.glsl"

void main() {
    float asp = RENDERSIZE.x / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(asp, 1.0) * (1.5 * exp2(1.6 * stains));
    p = vec2(0.83 * p.x - 0.56 * p.y, 0.56 * p.x + 0.83 * p.y);           // off the noise's own grid
    float n0 = vnoise(p * 0.9 - 21.7), n1 = vnoise(p + 0.45 * vec2(n0, -n0) + 11.3), n2 = vnoise(p * 2.7 + n1 * 0.5 + 37.1), n3 = vnoise(p * 8.3 + n2 * 0.6 + 71.9);
    float n4 = vnoise(p * 23.0 + 5.0) * smoothstep(60.0, 300.0, RENDERSIZE.y);      // the paper's tooth
    float when = clamp(0.5 + 0.52 * n1 + 0.26 * n2 + 0.11 * n3 + 0.05 * n4, 0.0, 1.0);
    float e = 0.08 + 0.62 * soft;
    float q = progress * (1.0 + e);
    float m = smoothstep(when, when + e, q);

    float rim = 4.0 * m * (1.0 - m);
    vec2 swell = wet * rim * 0.010 * vec2(n2, n3) / vec2(asp, 1.0);
    vec4 a = IMG_NORM_PIXEL(startImage, isf_FragNormCoord + swell);
    vec4 b = IMG_NORM_PIXEL(endImage, isf_FragNormCoord - swell);
    vec4 la = a * a, lb = b * b;
    // water comes a little before the picture does
    float damp = wet * 0.55 * rim * (0.7 + 0.5 * n3 + 0.3 * n4);
    vec4 c = sqrt(mix(la, lb, m));
    gl_FragColor = mix(c, min(min(a, b), c), clamp(damp, 0.0, 1.0));
}

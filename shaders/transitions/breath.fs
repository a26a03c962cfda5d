/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Breath: the old picture swells, blurs and is breathed out as mist from its middle; the new one comes to rest out of it. Both stay within the frame; the mist is the two pictures together in a small one, blurred by Kawase's four reads (2003) as far as the breath has gone; a place goes over once, the middle first.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Transition", "Blur"],
  "INPUTS": [
    {"NAME": "startImage", "TYPE": "image"},
    {"NAME": "endImage", "TYPE": "image"},
    {"NAME": "progress", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Progress"},
    {"NAME": "swell", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Swell: how much the picture grows"},
    {"NAME": "mist", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Mist: how blurred it is between"},
    {"NAME": "heart", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Heart: everywhere at once, or from the middle"}
  ],
  "PASSES": [
    {"TARGET": "both", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 96 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 96)"},
    {"TARGET": "air", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 96 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 96)"},
    {"TARGET": "thin", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 96 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 96)"},
    {"TARGET": "haze", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 96 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 96)"},
    {}
  ]
}*/

#include "noise.glsl"

// the two pictures as light at this moment, one swelling, one coming to rest
vec4 pictures() {
    float asp = RENDERSIZE.x / RENDERSIZE.y;
    vec2 d = isf_FragNormCoord - 0.5, p = d * vec2(asp, 1.0);
    float out_ = progress * progress * (3.0 - 2.0 * progress);
    float n = vnoise(p * 2.1 + 4.7) * 0.7 + vnoise(p * 5.3 - 9.1) * 0.3;
    // breath billows: what is further out is carried further
    float far = dot(p, p), r = sqrt(far);
    float grow = 0.26 * swell * (1.0 + 0.25 * n);
    vec4 a = IMG_NORM_PIXEL(startImage, 0.5 + d * (1.0 - grow * out_));
    vec4 b = IMG_NORM_PIXEL(endImage, 0.5 + d * (1.0 - grow * (1.0 - out_)));
    float when = clamp(0.5 + heart * (r / (0.5 * sqrt(1.0 + asp * asp)) - 0.5) * 0.9 + 0.16 * n, 0.0, 1.0);
    float e = 0.75;
    return mix(a * a, b * b, smoothstep(when, when + e, progress * (1.0 + e)));
}

vec4 four(sampler2D of, float d) {
    vec2 e = d * vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0), f = vec2(e.x, -e.y), uv = isf_FragNormCoord;
    return 0.25 * (IMG_NORM_PIXEL(of, uv + e) + IMG_NORM_PIXEL(of, uv - e)
                 + IMG_NORM_PIXEL(of, uv + f) + IMG_NORM_PIXEL(of, uv - f));
}

void main() {
    float full = 4.0 * progress * (1.0 - progress);
    float unit = mist * full * 0.022;                                     // in heights
    if (PASSINDEX == 0) gl_FragColor = pictures();
    else if (PASSINDEX == 1) gl_FragColor = four(both, 0.5 * unit);
    else if (PASSINDEX == 2) gl_FragColor = four(air, unit);
    else if (PASSINDEX == 3) gl_FragColor = four(thin, 1.6 * unit);
    else gl_FragColor = sqrt(mix(pictures(), IMG_THIS_PIXEL(haze), (0.15 + 0.85 * sqrt(mist)) * smoothstep(0.0, 0.55, full)));
}

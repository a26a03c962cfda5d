/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Tide: a sheet of water comes in over the old picture and brings the new one; lace of foam rides on its edge and thins out behind it. The line is layered value noise; the lace is the ridges of warped noise (1 - |n|, after Musgrave's ridged multifractals in Ebert et al., Texturing and Modeling, 2003) that open as the foam gets old; foam has only the light that is around it.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Transition", "Water"],
  "INPUTS": [
    {"NAME": "startImage", "TYPE": "image"},
    {"NAME": "endImage", "TYPE": "image"},
    {"NAME": "progress", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Progress"},
    {"NAME": "shore", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.04, "LABEL": "Shore: where the tide comes from, a turn from below round to the right"},
    {"NAME": "waves", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Waves: a straight line, or tongues of water"},
    {"NAME": "foam", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Foam: how much lace there is"}
  ],
  "PASSES": [
    {"TARGET": "air", "FLOAT": true, "WIDTH": "min($WIDTH, 16)", "HEIGHT": "min($HEIGHT, 9)"},
    {}
  ]
}*/

#include "noise.glsl"

vec3 sq(vec4 c) { return c.rgb * c.rgb; }

void main() {
    if (PASSINDEX == 0) {                                                 // the light around
        vec2 e = 0.25 / RENDERSIZE, f = vec2(e.x, -e.y), uv = isf_FragNormCoord;
        gl_FragColor = vec4(0.125 * (sq(IMG_NORM_PIXEL(startImage, uv + e)) + sq(IMG_NORM_PIXEL(startImage, uv - e))
            + sq(IMG_NORM_PIXEL(startImage, uv + f)) + sq(IMG_NORM_PIXEL(startImage, uv - f))
            + sq(IMG_NORM_PIXEL(endImage, uv + e)) + sq(IMG_NORM_PIXEL(endImage, uv - e))
            + sq(IMG_NORM_PIXEL(endImage, uv + f)) + sq(IMG_NORM_PIXEL(endImage, uv - f))), 1.0);
        return;
    }
    float asp = RENDERSIZE.x / RENDERSIZE.y, px = 1.0 / RENDERSIZE.y, t = progress;
    vec2 shape = vec2(asp, 1.0), p = (isf_FragNormCoord - 0.5) * shape;
    vec2 dir = vec2(sin(6.28319 * shore), cos(6.28319 * shore)), side = vec2(dir.y, -dir.x);
    dir.x = -dir.x;
    side = vec2(dir.y, -dir.x);
    float reach = abs(dir.x) * asp + abs(dir.y);
    float u = dot(p, dir) + 0.5 * reach, v = dot(p, side);                // in heights

    // tongues of water, that run on as it comes in
    float high = 0.30 * waves;
    float n = 0.62 * vnoise1(v * 1.9 + 3.1 + 0.9 * t) + 0.27 * vnoise1(v * 4.7 - 8.0 - 1.6 * t)
            + 0.11 * vnoise1(v * 11.0 + 21.0 + 2.5 * t);
    float w = 0.014 + 1.2 * px;
    float s = mix(-high - w, reach + high + w, t) + high * n - u;         // how far in the water
    float m = smoothstep(-w, w, s);
    float here = smoothstep(0.0, 0.06, t) * (1.0 - smoothstep(0.90, 1.0, t));

    // the lace: two webs, warped by what is under them, that open as the foam gets old
    vec2 x = vec2(v, (u - 0.55 * reach * t) * 0.80) * 5.0;
    x = vec2(0.88 * x.x - 0.47 * x.y, 0.47 * x.x + 0.88 * x.y);
    vec2 warp = vec2(vnoise(x * 0.6 + 17.0), vnoise(x * 0.6 - 23.0));
    float l1 = vnoise(x + 0.9 * warp), l2 = vnoise(x * 2.1 - 1.3 * warp + 0.5 * l1 + 31.0);
    float fine = smoothstep(50.0, 240.0, RENDERSIZE.y);
    float l3 = vnoise(x * 4.9 + 1.8 * warp + 1.1 * l2 + 57.0), l4 = vnoise(x * 17.0 + 3.0 * l2) * fine;
    float old = max(s, 0.0) / (0.05 + (0.10 + 0.26 * foam) * (1.0 + 0.7 * warp.x));
    float left = exp(-1.5 * old);                                         // foam not yet gone
    float open = 0.10 + 0.34 * left;                                      // how thick its threads are
    float web = 1.0 - smoothstep(0.25 * open, open, abs(l2 + 0.25 * l3));
    float fil = (1.0 - smoothstep(0.2 * open, open, abs(l3 + 0.35 * l4))) * mix(0.3, 0.8, fine);
    float lace = max(web, fil * smoothstep(-0.5, 0.4, l1 + left - 0.3)) * left * (0.80 + 0.35 * l4);
    float lip = exp(-abs(s - 1.4 * w) / (0.010 + 1.0 * px)) * (0.75 + 0.45 * l2 + 0.25 * l4);
    float white = here * m * clamp(0.3 + foam, 0.0, 1.0) * clamp(0.95 * lace + 0.85 * lip, 0.0, 1.0);

    // both pictures under water: it bends them near its edge, and the new one comes with it
    float shallow = exp(-7.0 * max(s, 0.0)) * here;
    vec2 bend = 0.020 * shallow * m * vec2(l1, l2 * 0.6);
    float late = 1.0 - t;
    vec2 come = dir * (0.16 * reach * late * late * t * (1.0 - 0.5 * shallow) + 0.05 * shallow * late);
    vec4 a = IMG_NORM_PIXEL(startImage, isf_FragNormCoord + bend / shape);
    vec4 b = IMG_NORM_PIXEL(endImage, isf_FragNormCoord + (come + bend) / shape);
    vec3 la = a.rgb * a.rgb, lb = b.rgb * b.rgb;
    // sand just reached is wet: it shows a little of what comes
    float wet = here * exp(-max(-s, 0.0) / 0.05) * (1.0 - m);
    la *= 1.0 - 0.30 * wet;
    vec3 c = mix(la, lb, m);
    // thin water still shows the sand
    c = mix(c, la, m * 0.45 * exp(-max(s, 0.0) / 0.035) * here);
    vec3 near = IMG_THIS_PIXEL(air).rgb;
    near = mix(near, vec3(dot(near, vec3(0.3, 0.5, 0.2))), 0.45);
    vec3 froth = 0.5 * c + 2.3 * near + 0.004;
    c = mix(c, max(froth, c), 0.85 * white);
    // its shadow on what is below
    c *= 1.0 - 0.18 * here * foam * m * left * (1.0 - white);
    gl_FragColor = vec4(sqrt(c), mix(a.a, b.a, m));
}

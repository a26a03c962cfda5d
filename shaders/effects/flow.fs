/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Flow: the picture is carried off by a slow stream full of eddies, and always finds back. A divergence-free velocity from the curl of noise that falls to nothing at the frame (Bridson, Houriham, Nordenstam: Curl-Noise for Procedural Fluid Flow, 2007); the way each point has come is carried along as a map (semi-Lagrangian) and forgotten, so the picture itself stays sharp.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Filter", "Distortion", "Slow"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.28, "IDENTITY": 0.0, "LABEL": "Amount: how far the picture gives way"},
    {"NAME": "eddies", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3, "LABEL": "Eddies: a few wide ones, or many small ones"},
    {"NAME": "current", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4, "LABEL": "Current: how fast the water goes"},
    {"NAME": "memory", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Memory: how long until things find back"}
  ],
  "PASSES": [
    {"TARGET": "way", "PERSISTENT": true, "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 90 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 90)"},
    {}
  ]
}*/

#include "noise.glsl"

// The stream function; 1 at the frame's inside, 0 at its edge: nothing flows in from outside.
float stream(vec2 p, vec2 half_, float k) {
    vec2 room = clamp((half_ - abs(p)) / 0.30, 0.0, 1.0);
    vec2 ramp = room * (1.875 - room * room * (1.25 - 0.375 * room * room));
    float t = TIME * (0.4 + 0.6 * current);
    float s = vnoise(p * k + vec2(t * 0.031, 7.3 - t * 0.019))
            + 0.42 * vnoise(p * k * 2.13 + vec2(31.7 - t * 0.043, t * 0.037));
    return s * ramp.x * ramp.y / k;
}

void main() {
    float asp = RENDERSIZE.x / RENDERSIZE.y;
    vec2 shape = vec2(asp, 1.0);
    if (PASSINDEX == 0) {
        float dt = clamp(TIMEDELTA, 0.0, 0.1), e = 0.012, k = 1.6 * exp2(1.7 * eddies);
        vec2 p = (isf_FragNormCoord - 0.5) * shape, room = 0.5 * shape;
        vec2 grad = vec2(stream(p + vec2(e, 0.0), room, k) - stream(p - vec2(e, 0.0), room, k),
                         stream(p + vec2(0.0, e), room, k) - stream(p - vec2(0.0, e), room, k)) / (2.0 * e);
        vec2 step_ = vec2(grad.y, -grad.x) * (0.015 + 0.075 * current) * dt;
        vec2 come = IMG_NORM_PIXEL(way, isf_FragNormCoord - step_ / shape).xy + step_;
        come *= exp2(-dt / (1.2 * exp2(3.6 * memory)));
        come /= max(1.0, length(come) / 0.6);
        gl_FragColor = vec4(come, 0.0, 1.0);
        return;
    }
    vec2 come = IMG_THIS_PIXEL(way).xy;
    gl_FragColor = IMG_NORM_PIXEL(inputImage, isf_FragNormCoord - amount * come / shape);
}

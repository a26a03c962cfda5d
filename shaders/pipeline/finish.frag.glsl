// From the blend to light: glow, chroma, brightness, one gamut step, grain. Linear light out.
#include "colour.glsl"
#include "hash.glsl"
#include "lights.glsl"
in vec2 uv;
uniform sampler2D scene;
uniform sampler2D glow_light;
uniform float glow;        // part of the light that spreads, 0..1: light is moved, not added
uniform float chroma;      // factor on chroma
uniform float brightness;  // factor on light, 0 is black
uniform float grain;
uniform int grain_seed;
out vec4 light;

float overshoot(vec3 c) {
    return max(max(c.r, max(c.g, c.b)) - 1.0, -min(c.r, min(c.g, c.b)));
}

// Hue and lightness kept, chroma reduced until linear RGB lies in 0..1.
vec3 in_gamut(vec3 lab) {
    lab.x = clamp(lab.x, 0.0, 1.0);
    vec3 rgb = light_of(lab);
    // 6 where it is needed, else 0: a loop whose length is not known ends early, and one of six is
    // unrolled and searches everywhere.
    int tries = int(6.0 * min(max(overshoot(rgb), 0.0) * 1e30, 1.0));
    float low = 0.0, high = 1.0;
    for (int k = 0; k < tries; k++) {
        float t = 0.5 * (low + high);
        if (overshoot(light_of(vec3(lab.x, t * lab.yz))) > 0.0) high = t; else low = t;
    }
    if (tries > 0) rgb = light_of(vec3(lab.x, low * lab.yz));
    return clamp(rgb, 0.0, 1.0);
}

void main() {
    vec3 lab = texelFetch(scene, ivec2(gl_FragCoord.xy), 0).rgb;
    lab.yz *= chroma;
    vec3 rgb = in_gamut(lab);
    rgb += glow * (texture(glow_light, uv).rgb - lights(rgb));
    float noise = hashed(uvec3(gl_FragCoord.xy, uint(grain_seed))) - 0.5;
    rgb += grain * noise * (0.003 + 0.06 * rgb);
    light = vec4(clamp(rgb * brightness, 0.0, 1.0), 1.0);
}

// The blend: everybody's layer at this pixel, mixed in OKLab so that detail keeps its variance
// (Heitz & Neyret 2018), then what the scene remembers of its past.
// MASK shows the mask itself, SOLO one person alone through the same lookup. MOMENTS adds what is
// rare: somebody comes or leaves, the circle converges. It is a program of its own because
// software GL runs what is behind an `if` for every pixel, taken or not.
#include "territory.glsl"
#include "lookup.glsl"
#include "noise.glsl"
in vec2 uv;
uniform usampler2D ids;
uniform sampler2D mean_colours;
uniform sampler2D past;
uniform float trails;     // part of a brighter past that stays
uniform float rim;        // faint light along borders
uniform float crisp;      // how much borders are seen as borders: 0 in the shared sky
uniform float spacing;    // typical distance between seats, plane units
uniform float carry;      // how far the flow carries the past in this frame, plane units
uniform float swell;      // height of the wave that resonance sends through all dreams
uniform float swell_phase;  // turns
uniform vec2 swell_way;   // turns per plane unit
uniform float answer;     // how strongly the scene answers when the circle converges
uniform vec2 common_hue;  // a and b of everybody's accents together, OKLab
uniform int alone;        // SOLO: whose layer; -1: nobody of that id is here
uniform sampler2D means;
out vec4 scene;

const float MOST_GAIN = 1.30;  // layers are never quite independent: all of it would burn
const float DEPTH = 0.80;      // how far darks are drawn down
const float KNEE = 0.54;       // lightness above which light is gathered in

// Deep dark, and lights that stay lights without a disc of flat white.
float rested(float lightness) {
    float curve = lightness * lightness * (3.0 - 2.0 * lightness);
    lightness = mix(lightness, curve, DEPTH);
    float over = max(lightness - KNEE, 0.0);
    return min(lightness, KNEE) + 0.32 * (1.0 - exp(-over / 0.32));
}

// Borders like the edge of wet paper: colour gathers just inside, light seeps through between
// fibres, here and there. Where the circle converges they light up as one net.
vec3 bordered(vec3 lab, vec2 x, float lead) {
    float away = lead / (2.0 * spacing * spacing);  // distance to the border, in spacings
    float fibre = vnoise(x * 27.0) + 0.6 * vnoise(x * 61.0);
    away *= 1.0 + 0.35 * fibre;
    float thread = exp(-625.0 * away * away) * crisp * max(0.7 + 0.9 * fibre, 0.0);
    lab *= 1.0 - (0.36 * exp(-10.0 * away) + 0.20 * exp(-4.0 * away)) * crisp;
    lab.x += 0.15 * rim * thread;
#ifdef MOMENTS
    lab.x += 0.05 * answer * thread;
    lab.yz += 0.5 * answer * min(thread, 1.0) * (common_hue - lab.yz);
#endif
    return lab;
}

#ifdef MOMENTS
// Somebody who comes grows from a seed of light at their seat; somebody who leaves clears like
// breath on glass, from the rim inwards.
vec3 coming_or_going(vec3 lab, vec2 x, int i) {
    float grown = mood[i].y, off = sqrt(gap(x, i)) / spacing;
    float ragged = 0.22 * vnoise(x * 9.0) + 0.10 * vnoise(x * 31.0);
    float seen = smoothstep(-0.22, 0.22, 1.55 * grown - 0.35 - 0.85 * off + ragged);
    if (mood[i].z > 0.5) {
        lab.x += 0.10 * seen * (1.0 - seen);  // the last of the mist catches the light
        return lab * vec3(mix(0.25, 1.0, seen), seen, seen);
    }
    lab *= vec3(mix(0.3, 1.0, seen), seen, seen);
    lab.x += 0.55 * (1.0 - grown) * exp(-off * off * 70.0);
    return lab;
}

// When the circle truly converges, a light in one common colour wakes at every seat, and rings of
// it go out from the middle: all answer, and everybody is seen.
vec3 answered(vec3 lab, vec2 x, Owners o) {
    float lights = 0.0;
    for (int k = 0; k < o.count; k++) {
        float woken = 0.5 + 0.5 * sin(6.2832 * (2.0 * swell_phase - 0.9 * length(seat[o.id[k]].xy)));
        float off = gap(x, o.id[k]) / (spacing * spacing);
        float star = 1.0 / (1.0 + 900.0 * off) + 0.22 / (1.0 + 40.0 * off * (1.0 + 4.0 * off));
        lights += (0.3 + 0.7 * woken) * mood[o.id[k]].y * star;
    }
    float ring = 0.5 + 0.5 * sin(6.2832 * (2.0 * swell_phase - 0.9 * length(x)));
    lab.x *= 1.0 + answer * (0.35 * ring * ring - 0.12);
    lights = answer * min(lights, 1.2);
    lab.x += 0.40 * lights;
    lab.yz += min(1.6 * lights, 0.8) * (0.7 * common_hue - lab.yz);
    return lab;
}

#endif

// An objection: a thin ring that stands still in the own territory.
float still_ring(vec2 x, int i) {
    float off = sqrt(gap(x, i)) / max(seat[i].w, 1e-6) - 0.8;
    return exp(-off * off * 300.0);
}

void main() {
    vec2 x = (uv - 0.5) * vec2(aspect, 1.0);
#ifdef SOLO
    scene = vec4(alone < 0 ? vec3(0.0) : layer(x, max(alone, 0), flow(x)), 1.0);
#else
    uvec2 packed_ids = texelFetch(ids, ivec2(uv * vec2(textureSize(ids, 0))), 0).xy;
    Owners o = owners_of(x, packed_ids);
    vec3 mixed = vec3(0.0);
    vec2 carried = flow(x);
    float squares = 0.0, ring = 0.0, looked_up = 1e-9;
    // A loop of unknown length ends early; one of five is unrolled and looks all five up everywhere.
    for (int k = 0; k < o.seen; k++) {
        float phi = o.phi[k];
        if (phi < SEEN) continue;
        squares += phi * phi;
        looked_up += phi;
#ifdef MASK
        float turn = 6.2832 * fract(float(o.id[k]) * 0.618034);
        mixed += phi * vec3(0.45 + 0.3 * fract(float(o.id[k]) * 0.754878),
                            0.12 * cos(turn), 0.12 * sin(turn));
#else
        vec3 own = layer(x, o.id[k], carried);
#ifdef MOMENTS
        if (mood[o.id[k]].y < 1.0) own = coming_or_going(own, x, o.id[k]);
#endif
        // The `if` also keeps Mesa from unrolling the loop, which would look everybody up.
        if (look[o.id[k]].w > 0.5) ring += phi * still_ring(x, o.id[k]);
        mixed += phi * own;
#endif
    }
    mixed /= looked_up;  // what was too faint to be looked up is the others'
#ifdef MASK
    scene = vec4(mixed, 1.0);
#else
    vec4 mu = texture(mean_colours, uv);  // and the light that gathers here
    vec3 now = mu.rgb + (mixed - mu.rgb) * min(inversesqrt(max(squares, 0.2)), MOST_GAIN);
    // One slow wave of light passes through all dreams.
    float crest = 0.5 + 0.5 * sin(6.2832 * (swell_phase - dot(x, swell_way)) + 1.4 * carried.x);
    float lit = (1.0 + swell * (crest * crest - 0.3)) * (1.0 + 0.9 * mu.a);
    now.x = rested(max(now.x, 0.0) * lit);
    now.yz *= 1.0 + 0.6 * swell * crest;
    now.x += 0.16 * ring;
#ifdef MOMENTS
    now = answered(now, x, o);
#endif
    now = bordered(now, x, o.lead);
    // A brighter past fades slowly, carried by the flow; a darker one is never held on to.
    vec3 old = texture(past, uv - carry * carried / vec2(aspect, 1.0)).rgb;
    float stays = trails * smoothstep(0.0, 0.015, old.x - now.x);
    scene = vec4(mix(now, old, stays), 1.0);
#endif
#endif
}

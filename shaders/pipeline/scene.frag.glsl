// The blend: everybody's layer at this pixel, mixed in OKLab so that detail keeps its variance
// (Heitz & Neyret 2018), then what the scene remembers of its past.
// MASK shows the mask itself, SOLO one person alone through the same lookup.
#include "territory.glsl"
#include "lookup.glsl"
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
uniform int alone;        // SOLO: whose layer; -1: nobody of that id is here
uniform sampler2D means;
out vec4 scene;

const float MOST_GAIN = 1.45;  // layers are never quite independent: all of it would burn
const float DEPTH = 0.60;      // how far darks are drawn down
const float KNEE = 0.58;       // lightness above which light is gathered in

// Deep dark, and lights that stay lights without a disc of flat white.
float rested(float lightness) {
    float curve = lightness * lightness * (3.0 - 2.0 * lightness);
    lightness = mix(lightness, curve, DEPTH);
    float over = max(lightness - KNEE, 0.0);
    return min(lightness, KNEE) + 0.34 * (1.0 - exp(-over / 0.34));
}

// Borders like the edge of wet paper: colour gathers just inside, a thread of light between.
vec3 bordered(vec3 lab, vec2 x, float lead) {
    float away = lead / (2.0 * spacing);  // distance to the border, plane units
    float fibre = 0.8 + 0.3 * sin(61.0 * x.x + 9.0 * sin(37.0 * x.y)) * sin(53.0 * x.y);
    float wet = exp(-away / (0.10 * spacing)) * crisp;
    float thread = exp(-away * away / (0.0012 * spacing * spacing)) * crisp * fibre;
    lab *= 1.0 - 0.38 * wet;
    lab.x += 0.15 * rim * thread;
    return lab;
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
        mixed += phi * layer(x, o.id[k], carried);
        if (look[o.id[k]].w > 0.5) {
            float off = sqrt(gap(x, o.id[k])) / max(seat[o.id[k]].w, 1e-6) - 0.8;
            ring += phi * exp(-off * off * 300.0);
        }
#endif
    }
    mixed /= looked_up;  // what was too faint to be looked up is the others'
#ifdef MASK
    scene = vec4(mixed, 1.0);
#else
    vec3 mu = texture(mean_colours, uv).rgb;
    vec3 now = mu + (mixed - mu) * min(inversesqrt(max(squares, 0.2)), MOST_GAIN);
    // One slow wave of light passes through all dreams.
    float crest = 0.5 + 0.5 * sin(6.2832 * (swell_phase - dot(x, vec2(0.55, 0.3))) + 1.4 * carried.x);
    now.x = rested(max(now.x, 0.0) * (1.0 + swell * (crest * crest - 0.3))) + 0.16 * ring;
    now.yz *= 1.0 + 0.6 * swell * crest;
    now = bordered(now, x, o.lead);
    // A brighter past fades slowly, carried by the flow; a darker one is never held on to.
    vec3 old = texture(past, uv - carry * carried / vec2(aspect, 1.0)).rgb;
    float stays = trails * smoothstep(0.0, 0.22, old.x - now.x);
    scene = vec4(mix(now, old, stays), 1.0);
#endif
#endif
}

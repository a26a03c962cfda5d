// The part of a pixel's light that glows: what stands out of the dark. Needs colour.glsl.
vec3 lights(vec3 light) {
    return light * smoothstep(0.02, 0.30, luminance(light));
}

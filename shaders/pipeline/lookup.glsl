// Where a person's layer is looked up: the shared sky at individuality 0, a portrait at 1, carried
// by the scene-wide flow. Needs people.glsl.
uniform sampler2D atlas;
uniform ivec2 grid;       // tiles across and down
uniform vec2 tile;        // size of a tile in texels
uniform float drift;      // strength of the scene-wide flow
uniform float flowed[3];  // phase of each wave of the flow, rad

vec2 flow(vec2 x) {
    return vec2(sin(2.3 * x.y + flowed[0]) + 0.5 * sin(5.1 * x.y - 3.7 * x.x + flowed[2]),
                sin(1.9 * x.x + flowed[1]) + 0.5 * sin(4.3 * x.x + 2.9 * x.y - flowed[2]));
}

// Bends what would leave the tile back inside it, without repeating or mirroring anything.
vec2 kept_inside(vec2 p, vec2 half_size) {
    vec2 knee = half_size - 0.08;
    vec2 over = max(abs(p) - knee, 0.0);
    return sign(p) * (min(abs(p), knee) + 0.08 * (1.0 - exp(-over / 0.08)));
}

// `carried` is flow(x): the same for everybody at a pixel, so it is computed once.
vec3 layer(vec2 x, int i, vec2 carried) {
    vec2 portrait = (x - seat[i].xy) * look[i].z;
    // In the shared sky everybody keeps to their own side, but horizons stay level.
    vec2 sky = x - vec2(0.5 * seat[i].x, 0.0);
    vec2 p = mix(sky, portrait, look[i].y) + drift * 0.06 * carried;
    vec2 half_size = vec2(0.5 * aspect, 0.5);
    vec2 at = kept_inside(p, half_size) / vec2(aspect, 1.0) + 0.5;
    float row = floor((float(i) + 0.5) / float(grid.x));  // whole numbers divide slowly
    vec2 corner = vec2(float(i) - row * float(grid.x), row) * tile;
    vec2 texel = corner + clamp(at * tile, vec2(0.5), tile - 0.5);
    return texture(atlas, texel / vec2(textureSize(atlas, 0))).rgb;
}

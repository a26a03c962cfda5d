// The test card: centre, safe area, circle, greys and colours, all below 0.5 so that it can be put
// up in a dark room.
in vec2 uv;
uniform float aspect;
out vec4 light;

void main() {
    vec2 x = (uv - 0.5) * vec2(aspect, 1.0);
    vec2 edge = vec2(0.5 * aspect, 0.5) - abs(x);
    float line = 0.0025;
    float lines = step(abs(length(x) - 0.4), line) + step(abs(x.x), line) + step(abs(x.y), line)
                + step(abs(min(edge.x, edge.y) - 0.05), line) + step(min(edge.x, edge.y), 2.0 * line);
    vec2 cell = abs(fract(x * 10.0) - 0.5);
    vec3 c = vec3(0.015) + 0.02 * step(0.48, max(cell.x, cell.y));
    if (abs(x.y + 0.2) < 0.04 && abs(x.x) < 0.35) c = vec3(floor((x.x + 0.35) / 0.07) / 9.0 * 0.5);
    if (abs(x.y - 0.2) < 0.04 && abs(x.x) < 0.35) {
        int k = int((x.x + 0.35) / 0.7 * 6.0);
        c = 0.35 * vec3(k == 0 || k == 1 || k == 5, k == 1 || k == 2 || k == 3, k == 3 || k == 4 || k == 5);
    }
    light = vec4(mix(c, vec3(0.35), min(lines, 1.0)), 1.0);
}

/*{"ISFVSN": "2"}*/
#define COUNT 3
#ifdef NOTHING
nonsense here
#elif COUNT > 2 && !defined(NOTHING)
#define GREEN 0.5
#else
more nonsense
#endif
struct Light { vec3 colour; float power; };
Light made(float power) { return Light(vec3(0.25, GREEN, 0.0), power); }
float weights[COUNT];
void main() {
    for (int i = 0; i < COUNT; i++) weights[i] = float(i) * 0.25;
    int n = 0;
    while (true) { if (++n > 2) break; }
    do { n--; } while (n > 2);
    Light light = made(2.0);
    switch (n) {
        case 2: light.colour.b = weights[1] + weights[2]; break;
        default: discard;
    }
    gl_FragColor = vec4(light.colour * light.power * 0.5, 1.0);
}

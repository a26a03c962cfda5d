/*{
    "CREDIT": "version 1 wrote a list",
    "IMPORTED": [{"NAME": "steps", "PATH": "steps.png"}]
}*/
void main() { gl_FragColor = IMG_PIXEL(steps, vec2(2.5, 0.5)); }

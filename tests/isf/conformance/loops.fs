/*{"ISFVSN": "2"}*/
void main() {
    float red = 0.0, green = 0.0, blue = 0.0;
    for (int i; i < 4; i++) red += 0.125;
    for (float f; f < 3.0; f += 1.0) green += 0.25;
    for ( int k ; k < 2; ++k )
        for (int i; i < 2; ++i) blue += 0.0625;
    gl_FragColor = vec4(red, green, blue, 1.0);
}

/*{"ISFVSN": "2"}*/
void main() {
    gl_FragColor = vec4((DATE.x - 2000.0) / 100.0, DATE.y / 12.0, DATE.z / 31.0, DATE.w / 86400.0);
}

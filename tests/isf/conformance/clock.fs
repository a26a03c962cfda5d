/*{"ISFVSN": "2"}*/
void main() {
    gl_FragColor = vec4(TIME / 10.0, TIMEDELTA * 10.0, float(FRAMEINDEX) / 10.0, 1.0);
}

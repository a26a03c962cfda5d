/*{"ISFVSN": "2"}*/
void main() { gl_FragData[0] = vec4(0.25, 0.5, 0.75, 0.5); }

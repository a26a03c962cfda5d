/*{"ISFVSN": "2"}*/
in vec2 isf_FragNormCoord;
void main() { gl_FragColor = vec4(isf_FragNormCoord, 0.5, 1.0); }

/*{
    "ISFVSN": "2",
    "DESCRIPTION": "für Zoë",
    "INPUTS": [{"NAME": "level", "LABEL": "Größe", "TYPE": "float", "DEFAULT": 0.75}]
}*/
// Grüße aus Köln
#define LONG vec4(level, \
    0.5, 0.25, 1.0)
void main() {
    gl_FragColor = LONG; // é
}

// Copies a part of a picture over the target.
in vec2 uv;
uniform sampler2D source;
uniform vec4 part;  // corner and size in uv
out vec4 copied;

void main() {
    copied = texture(source, part.xy + uv * part.zw);
}

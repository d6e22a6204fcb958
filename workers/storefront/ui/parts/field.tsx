type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly isEmail?: boolean;
  readonly isRequired?: boolean;
  readonly autoComplete: string;
  readonly hint?: string;
};

export function Field(props: FieldProps) {
  const { name, label, isEmail = false, isRequired = true, autoComplete, hint } = props;
  const own = { id: name, name, autoComplete, required: isRequired, maxLength: 200 };
  return (
    <label class={`field ${name}`} htmlFor={name}>
      <span>
        {label}
        {hint && <small> {hint}</small>}
      </span>
      {isEmail ? <input type="email" {...own} /> : <input type="text" {...own} />}
    </label>
  );
}

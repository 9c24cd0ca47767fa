#!/bin/bash
# Sourced INSIDE the chroot: the Tomcat that CA and KRA share, and its directory server; loopback only, throw-away passwords.
PW=Secret.123; HTTP=18080; HTTPS=18443; DSPORT=13389; I=pki-tomcat

# What a subsystem's pkispawn settings begin with.
instance_settings() {
  cat <<X
[DEFAULT]
pki_instance_name=$I
pki_hostname=localhost
pki_http_port=$HTTP
pki_https_port=$HTTPS
pki_tomcat_server_port=18005
pki_ajp_port=18009
pki_security_domain_https_port=$HTTPS
pki_security_domain_name=EXAMPLE
pki_token_password=$PW
pki_server_database_password=$PW
pki_client_dir=/root/.dogtag/client
pki_client_database_password=$PW
pki_client_database_purge=False
pki_client_pkcs12_password=$PW
pki_admin_password=$PW
pki_backup_password=$PW
pki_ds_hostname=localhost
pki_ds_ldap_port=$DSPORT
pki_ds_password=$PW
X
}
